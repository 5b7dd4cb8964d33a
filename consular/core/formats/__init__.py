"""How dates are written where the framework's own form would be misread abroad."""
