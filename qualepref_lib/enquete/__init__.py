"""The satisfaction survey as numbers: who answered what, with which weight.

The analyses of the survey do not know each other; what they share is here. Answers are arrays of
integer codes whatever stores them, so that a million answers are counted as easily as 171.
"""
