"""What tests share, one module a noun; `tests/README.md` says what each fixture gives."""
