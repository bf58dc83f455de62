"""Where the work of a scan is done: in this process, in processes of this machine, or on a cluster.

A scan hands an executor a job and the files to do it for, and gets back one result for each file, in any order. What
comes of a run does not depend on the executor.
"""
