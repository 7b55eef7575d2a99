"""Dialogs: their forms, sentences, suggestions and plans, and the inspect screen."""
