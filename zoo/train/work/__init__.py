"""Work items: pieces of work that are kept by their key, done here or in processes of this machine."""
