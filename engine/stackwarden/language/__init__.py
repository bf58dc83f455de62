"""The Warden language: text, types, meaning. Imports nothing, so that a scan with compiled packs loads no parser."""
