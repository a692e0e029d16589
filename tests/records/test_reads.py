from records import reads

asked: list[str] = []


@reads.shared
def length(word: str) -> int:
    asked.append(word)
    return len(word)


def test_shared_read_is_asked_once_while_it_is_kept_and_anew_after():
    asked.clear()
    with reads.kept():
        with reads.kept():
            assert (length("ab"), length("abc")) == (2, 3)
        assert (length("ab"), length("abc")) == (2, 3)
    assert asked == ["ab", "abc"]
    assert length("ab") == 2
    with reads.kept():
        assert length("ab") == 2
    assert asked == ["ab", "abc", "ab", "ab"]


def test_answer_that_was_read_for_many_is_not_asked_for_again():
    asked.clear()
    reads.tell(length, "ab", answer=7)
    assert length("ab") == 2
    with reads.kept():
        reads.tell(length, "ab", answer=7)
        assert length("ab") == 7
    assert asked == ["ab"]
