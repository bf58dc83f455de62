"""Dynamic tests from the model: the APIs of a template as OpenAPI, Postman and ZAP documents, and ZAP's report back.

`reading` makes the `surface` of a template out of the records of `stackwarden.apis`, which say what is protected and
how; everything else here only translates it.
"""
