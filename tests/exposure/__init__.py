"""Tests of exposure paths."""
