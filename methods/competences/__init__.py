"""The competence bank: offers and questions."""
