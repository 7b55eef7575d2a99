"""What is true, what is asked for, and what follows: pure, standard library only."""
