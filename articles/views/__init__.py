"""The readers' pages: frozen words alone. No view here reads an Article."""
