import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from org_constructs.rehearsal.local_aws.cloudformation.ordering import CircularDependencyError, Graph


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(1, 8))
    edges = {str(n): [str(m) for m in range(n) if draw(st.booleans())] for n in range(size)}
    return Graph(edges)


def unordered(graph: Graph, names: tuple[str, ...]) -> bool:
    return not any(graph.depends(one, other) or graph.depends(other, one) for one, other in combinations(names, 2))


@given(graphs())
def test_finds_as_many_at_once_as_trying_every_set_does(graph: Graph) -> None:
    sets = [names for size in range(1, len(graph.order) + 1) for names in combinations(graph.order, size)]
    largest = max(len(names) for names in sets if unordered(graph, names))
    found = tuple(graph.most_at_once(graph.order))
    assert len(found) == largest
    assert unordered(graph, found)


@given(graphs(), st.sets(st.integers(0, 7)))
def test_finds_two_that_nothing_orders_if_there_are_any(graph: Graph, chosen: set[int]) -> None:
    names = [name for name in graph.order if int(name) in chosen]
    pair = graph.first_unordered(names)
    assert (pair is None) == (not any(unordered(graph, two) for two in combinations(names, 2)))
    if pair:
        assert unordered(graph, pair)


@given(graphs())
def test_orders_what_waits_after_what_it_waits_for(graph: Graph) -> None:
    place = {name: number for number, name in enumerate(graph.order)}
    assert all(place[need] < place[name] for name, needs in graph.dependencies.items() for need in needs)


def test_refuses_resources_that_wait_for_each_other() -> None:
    with pytest.raises(CircularDependencyError, match=r"resources: \[A, B\]"):
        Graph({"A": ["B"], "B": ["A"], "C": []})


@pytest.mark.parametrize("lanes", [1, 10, 2000])
def test_counts_two_thousand_assignments_quickly(lanes: int) -> None:
    edges = {f"A{n}": [f"A{n - lanes}"] if n >= lanes else [] for n in range(2000)}
    start = time.perf_counter()
    graph = Graph(edges)
    assert len(graph.most_at_once(edges)) == lanes
    assert time.perf_counter() - start < 2


def test_orders_as_the_template_is_written_where_nothing_else_does() -> None:
    assert Graph({"C": [], "A": [], "B": []}).order == ("C", "A", "B")
    assert Graph({"Last": ["A", "B", "A"], "B": [], "A": [], "After": ["B"]}).order == ("B", "A", "After", "Last")


def test_tells_what_waits_for_what_through_others() -> None:
    graph = Graph({"A": [], "B": ["A"], "C": ["B"], "D": []})
    waits = {(name, other) for name in graph.order for other in graph.order if graph.depends(name, other)}
    assert waits == {("B", "A"), ("C", "A"), ("C", "B")}


def test_finds_the_first_two_that_nothing_orders() -> None:
    graph = Graph({"A": [], "B": ["A"], "C": ["A"], "D": ["A"], "E": ["B", "C", "D"]})
    assert graph.first_unordered(["E", "D", "C", "B", "A"]) == ("B", "C")
    assert graph.first_unordered(["E", "A", "B"]) is None
    assert graph.first_unordered([]) is None


def test_names_those_that_run_at_once_in_their_order() -> None:
    graph = Graph({"A": [], "B": ["A"], "C": ["A"], "D": ["A"], "E": ["B", "C", "D"]})
    assert list(graph.most_at_once(["E", "D", "C", "B", "A"])) == ["B", "C", "D"]
    assert list(graph.most_at_once(["A", "D"])) in (["A"], ["D"])
    assert list(graph.most_at_once([])) == []


def test_names_all_that_wait_in_a_circle_or_for_one() -> None:
    with pytest.raises(CircularDependencyError, match=r": \[A, B, D\]$"):
        Graph({"D": ["B"], "B": ["A"], "A": ["B"], "C": []})
