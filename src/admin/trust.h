/* rolegatectl trust: the entries of trusted.d, from their text to their files. */
#ifndef ROLEGATE_ADMIN_TRUST_H
#define ROLEGATE_ADMIN_TRUST_H

#include "admin/options.h"
#include "base/arena.h"
#include "policy/policy.h"

/* What stands after "trust". */
struct trust_words {
	const char *verb, *operand;
	const char *level, *on_mismatch, *id, *signed_by;
	bool pin_interpreter;
	bool json;
	const char *config;
};

int trust_add(struct arena *arena, const struct trust_words *words);
int trust_list(struct arena *arena, const struct trust_words *words);
int trust_verify(struct arena *arena, const struct trust_words *words);
int trust_update(struct arena *arena, const struct trust_words *words);
int trust_generate(struct arena *arena, const struct trust_words *words);

/* The configuration, even if scripts are missing; NULL after messages. */
struct policy *trust_load(struct arena *arena, const char *config);
/* The first function with that script; NULL: none has it. */
const struct function *trust_function_of(const struct policy *policy, const char *path);
/* An index into `names`, or -1 after a message that names the option. */
int trust_choice(const char *option, const char *text, const char *const *names);

/* An entry as `{ … }`, with its target, hash and level; hashes are hexadecimal digits alone. */
char *trust_text(struct arena *arena, const struct trust_entry *entry);
/* `entries`, each of trust_text(), as a file of trusted.d. */
char *trust_file_text(struct arena *arena, const struct strings *entries, const char *by);

/* A random UUID (version 4), or NULL after a message. */
const char *trust_random_id(struct arena *arena);
/* One that is the same for the same text (version 8 of RFC 9562, by SHA-256). */
const char *trust_id_of(struct arena *arena, const char *text);

/*
 * SHA-256 of the bytes of a file, no larger than a configuration file may be: 0, or -1 and errno.
 * With `script`, it has to be one that the gateway would take; *complaint then.
 */
int trust_digest(const char *path, char digest[65]);
int trust_script_digest(struct arena *arena, const char *path, struct script_content *content,
	const char **complaint);
/* Of the interpreter that the script is for: 0, or -1 with *complaint. */
int trust_interpreter_digest(struct arena *arena, const struct script *script,
	const struct script_content *content, char digest[65], const char **complaint);

/*
 * Writes the file whole or not at all: a temporary file beside it, synced, then renamed. `replace`
 * false: EEXIST if it is there. Mode 0644, or that of the file that it replaces. 0, or -1 and
 * errno.
 */
int trust_write(struct arena *arena, const char *path, const char *text, bool replace);

/* How an entry's target is now. */
enum trust_state { TRUST_MATCHES, TRUST_DIFFERS, TRUST_MISSING };

/* `*reason`: a clause on why it does not match; NULL. */
enum trust_state trust_state_of(struct arena *arena, const struct policy *policy,
	const struct trust_entry *entry, const char **reason);

#endif
