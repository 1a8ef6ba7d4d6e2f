/* What is wrong, and exactly what is said of it. */
#ifndef ROLEGATE_TEST_CONFIG_CASES_H
#define ROLEGATE_TEST_CONFIG_CASES_H

struct config_case {
	const char *file; /* replaces or joins the good ones */
	const char *text;
	const char *problems; /* all errors, one a line */
};

extern const struct config_case config_cases[]; /* file NULL at the end */
extern const struct config_case function_cases[];

#endif
