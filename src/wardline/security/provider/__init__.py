"""Signing in with the hospital's own sign-in service (OpenID Connect)."""
