/*
 * Functions: scripts with typed inputs. A function is a struct command, so that it is granted,
 * merged, listed and decided on like every other one; this is what it has besides. Pure.
 */
#ifndef ROLEGATE_FUNCTION_H
#define ROLEGATE_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"
#include "policy/approval.h"
#include "policy/source.h"
#include "policy/trust.h"

struct command;

enum {
	SCRIPT_SIZE_MAX = 1024 * 1024, /* bytes */
	/* That run for each other, one within the other, the first included: at load and at run. */
	FUNCTION_NESTING_MAX = 4,
};

/* The bytes of a script as they were read at one time, and what they hash to. */
struct script_content {
	const char *bytes; /* NUL-terminated; UTF-8 without a NUL in it */
	size_t length;
	char digest[65]; /* SHA-256, hexadecimal; "": it could not be read */
	bool signature_holds; /* of the key of its entry in trusted.d, over these bytes */
	/* fstat(2) of the file that they came from; all zero for an inline script. */
	struct script_identity {
		uint64_t device, inode, size;
		int64_t changed_seconds, changed_nanoseconds; /* st_ctim */
	} identity;
};

struct script {
	const char *path;	 /* canonical; NULL: inline, in the configuration */
	const char *interpreter; /* said by the definition; NULL: the first line says it (#!) */
	struct script_content content; /* as it was at the load */
};

struct function {
	const struct command *command;
	struct script script;
	bool show_errors; /* false: the operator sees a reference, the records have the text */
	struct strings transaction; /* canonical directories, none below another; empty: none */
	const char *rollback_name;
	const struct command *rollback; /* a function; NULL: none */
	bool audit_steps;
	struct approval_rule approval;
	const struct trust_entry
		*trust; /* what the registry says of it; NULL: nothing, untrusted */
	const struct trust_entry *library; /* of its file, which does not export it; NULL */
	bool removed;			   /* by that entry: it does not run at all */
	/* As it was at the load, where its entry pins it: */
	struct script_identity interpreter_identity;
	char interpreter_digest[65]; /* "": not pinned, or it could not be read */
};

/*
 * NULL, or what is wrong with the content as a script, to be read after "it" or the file's name:
 * empty, a program (ELF), or without an interpreter, which its first line names unless the
 * definition does (`interpreter`, may be NULL).
 */
const char *function_script_refused(
	struct arena *arena, const struct script_content *content, const char *interpreter);
/* What it says of a program. */
extern const char script_is_program[];

/*
 * The inputs' rule as one text that is the same for the same rule: names, types, bounds, patterns,
 * choices, defaults and conditions, a line for each input. What is approved is bound to it.
 */
const char *function_rule(struct arena *arena, const struct command *command);

/*
 * "rolegate_input_" and the input's name, with "-" and "." as "_". Two inputs of one function that
 * would have the same are refused at load.
 */
const char *function_variable(struct arena *arena, const char *input);

#endif
