"""Signing in, by allauth: what it asks, what it says, and where it stops. Who may do what on the desk is decided by the
roles, not here; this alone is: who must show a second factor (`factors`).
"""
