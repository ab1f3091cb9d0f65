"""Tests; a package so that `tests.layouts` can be imported."""
