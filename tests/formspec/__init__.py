"""Tests of the form specification."""
