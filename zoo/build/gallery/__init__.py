"""The zoo as pages: an index to search in, and for each model its spec beside its figure.

``python -m zoo.build.gallery --out FOLDER`` writes them. They need no server and no network.
"""
