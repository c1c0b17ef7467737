"""Which equation a backward pass breaks: somebody's function, called and compared with a push.

`check_backprop` asks about one network, `check_on` in `which_equation` about several. What they
need stands beside them, in the order of its work: one call is observed (`calling/`), each equation
judged by itself (`judging/`), what is wrong named (`naming`), put together (`violations`,
`left_in_words`) and reported (`report`).
"""
