"""Text analysis: words to base forms in Finnish and Swedish."""
