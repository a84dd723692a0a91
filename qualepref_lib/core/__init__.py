"""The words everything else is said in: a rate and its base, a bilan, a refusal, French formats."""
