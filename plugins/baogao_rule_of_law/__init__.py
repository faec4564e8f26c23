"""法治政府建设年度报告: the form `rule_of_law` and its rules."""
