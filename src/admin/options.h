/* What stands on rolegatectl's command line, the same for every verb. */
#ifndef ROLEGATE_ADMIN_OPTIONS_H
#define ROLEGATE_ADMIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses of section 9. */
enum admin_status {
	ADMIN_OK = 0,
	ADMIN_FOUND = 1, /* check: warnings; explain: deny; status, reload: failed */
	ADMIN_WRONG = 2, /* check: errors; else a call that is wrong, or could not decide */
};

enum option_bit {
	OPTION_CONFIG = 1 << 0,
	OPTION_JSON = 1 << 1,
	OPTION_USER = 1 << 2,
	OPTION_ROLES = 1 << 3,
	OPTION_ENDPOINT = 1 << 4,
	OPTION_LINE = 1 << 5,
	OPTION_BATCH = 1 << 6,
	OPTION_PROFILE = 1 << 8, /* with or without a name */
	OPTION_WORDS = 1 << 7, /* "--" and the words after it */
	OPTION_AS = 1 << 9,
	OPTION_ACT_AS = 1 << 10,
	OPTION_NO_PROMPT = 1 << 11,
	OPTION_KEY = 1 << 20,
	OPTION_KEY_NAME = 1 << 21,
	OPTION_NAME = 1 << 22,
	OPTION_KEYS = 1 << 23,
	OPTION_TRUST_KEY = 1 << 24,
	OPTION_ALLOW_OLDER = 1 << 25,
	OPTION_BUNDLE = OPTION_KEY | OPTION_KEY_NAME | OPTION_NAME | OPTION_KEYS |
			OPTION_TRUST_KEY | OPTION_ALLOW_OLDER,
};

enum { OPERANDS_MAX = 2 };
enum { PASSED_MAX = 32 };

struct options {
	unsigned given;	    /* option_bit of each that was */
	const char *config; /* ROLEGATE_CONFIG_DIR unless given */
	const char *user;
	const char *roles; /* A,B as written */
	const char *endpoint;
	const char *line;
	const char *batch;
	const char *as;
	const char *act_as;
	const char *profile; /* NULL: all of them */
	const char *key, *key_name, *name, *keys, *trust_key; /* of bundle */
	const char *operand;				       /* show USER; the first of them */
	const char *operands[OPERANDS_MAX];
	size_t operand_count;
	const char *const *words;
	size_t word_count;
	const char *passed[PASSED_MAX]; /* words of a verb that takes them */
};

struct verb {
	const char *name;
	unsigned allowed; /* option_bit: anything else is refused (R7) */
	unsigned operands; /* at most; up to OPERANDS_MAX */
	int (*run)(const struct options *options);
	bool takes_words; /* whatever follows it and is no option of `allowed`, as options->words */
};

/*
 * `arguments` without the program's name. 0 with *verb set; 1 for --help, which was answered; -1
 * after a message. `verbs` ends with a name of NULL.
 */
int options_parse(const struct verb *verbs, char *const *arguments, const struct verb **verb,
	struct options *options);

/* Whether every option given is one that the verb allows: 0, or -1 after a message. */
int options_check(const struct verb *verb, const struct options *options);

#endif
