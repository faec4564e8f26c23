"""法治政府建设年度报告: the form `rule_of_law`, its sections and its rules."""
