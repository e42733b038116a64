// What is called like the words that are searched for comes before pages in which they occur.
// https://www.sphinx-doc.org/en/master/usage/configuration.html#confval-html_search_scorer
var Scorer = {
  // A section before the page that it is on.
  score: ([, , anchor, , score]) => score + (anchor ? 1 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 100,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
