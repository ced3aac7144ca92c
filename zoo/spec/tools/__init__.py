"""Tools of the language: formatting, filling in, resolving, comparing, the editor's schema. They import no Keras."""
