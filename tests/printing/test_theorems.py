"""What a theorem assumes is printed in words, with its letters and names as such."""

from printing.formal import letters


def test_letters_have_an_index_and_names_are_code():
    told = list(letters("z_j is local, by `locality`."))
    assert [(node.tagname, node.astext()) for node in told if node.astext()] == [
        ("emphasis", "z"),
        ("subscript", "j"),
        ("#text", " is local, by "),
        ("literal", "locality"),
        ("#text", "."),
    ]
