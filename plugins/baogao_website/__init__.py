"""政府网站工作年度报表: the form `website`, the cell type `url` and its rules."""
