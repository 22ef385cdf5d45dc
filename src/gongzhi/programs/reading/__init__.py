"""Reading program files: YAML with its line numbers, checked word by word, every problem collected."""
