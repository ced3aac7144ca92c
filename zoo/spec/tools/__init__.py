"""Tools of the language: layout, defaults, origins, differences, the editor's schema. No Keras in here."""
