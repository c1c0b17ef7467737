"""Which equation a backward pass breaks: somebody's function, called and compared with a push.

`check_backprop` is in `which_equation`; what it needs stands beside it, in the order of its work:
one call is observed (`calling/`), each equation judged by itself (`judging/`), what is wrong named
(`naming`) and reported (`report`).
"""
