#include "policy/trust.h"

#include <string.h>

#include "policy/function.h"

enum { DIGITS_SHOWN = 12 };

const char *const trust_level_names[] = {
	[TRUST_UNTRUSTED] = "untrusted",
	[TRUST_TRUSTED] = "trusted",
	[TRUST_SYSTEM] = "system",
	NULL,
};

const char *const trust_mismatch_names[] = {
	[MISMATCH_BLOCK] = "block",
	[MISMATCH_CONSTRAIN] = "constrain",
	[MISMATCH_WARN] = "warn",
	NULL,
};

bool trust_is_library(const struct trust_entry *entry)
{
	return entry->path != NULL && entry->path[0] != '/';
}

/* NULL when `digest` is the trusted one. */
static const char *compare(struct arena *arena, const struct trust_entry *entry, const char *what,
	const char *trusted, const char *digest)
{
	if (digest == NULL || *digest == '\0')
		return arena_printf(arena, "%s is not known", what);
	if (strcmp(trusted, digest) == 0)
		return NULL;
	return arena_printf(arena,
		"%s is not the one that %s:%u trusts (sha256:%.*s..., and this is sha256:%.*s...)",
		what, entry->source.file, entry->source.line, DIGITS_SHOWN, trusted, DIGITS_SHOWN,
		digest);
}

static const char *compare_content(
	struct arena *arena, const struct trust_entry *entry, const struct script_content *content)
{
	bool library = trust_is_library(entry);
	const char *what = library ? arena_printf(arena, "its file %s", entry->path) : "its script";

	if (entry->content_hash != NULL)
		return compare(arena, entry, what, entry->content_hash,
			library ? entry->file_digest : content->digest);
	if (library ? entry->signature_holds : content->signature_holds)
		return NULL;
	return arena_printf(arena, "%s has no good signature by \"%s\", which %s:%u asks for", what,
		entry->signed_by != NULL ? entry->signed_by : "", entry->source.file,
		entry->source.line);
}

static struct trust_verdict without_entry(struct arena *arena, const struct function *function)
{
	const struct trust_entry *library = function->library;
	struct trust_verdict verdict = {.blocked = function->removed, .entry = library};

	if (library == NULL)
		verdict.note = "no entry of trusted.d is for it";
	else
		verdict.note = arena_printf(arena, "%s:%u does not export it from %s",
			library->source.file, library->source.line, library->path);
	return verdict;
}

struct trust_verdict trust_judge(struct arena *arena, const struct function *function,
	const struct script_content *content, const char *interpreter)
{
	const struct trust_entry *entry = function->trust;
	struct trust_verdict verdict = {.entry = entry};

	if (entry == NULL || function->removed)
		return without_entry(arena, function);
	verdict.note = compare_content(arena, entry, content);
	if (verdict.note == NULL && entry->interpreter_hash != NULL)
		verdict.note = compare(
			arena, entry, "its interpreter", entry->interpreter_hash, interpreter);
	verdict.differs = verdict.note != NULL;
	if (!verdict.differs && entry->level == TRUST_UNTRUSTED)
		verdict.note = arena_printf(arena, "%s:%u says that it is untrusted",
			entry->source.file, entry->source.line);
	verdict.blocked = verdict.differs && entry->on_mismatch == MISMATCH_BLOCK;
	if (!verdict.differs || entry->on_mismatch == MISMATCH_WARN)
		verdict.level = entry->level;
	return verdict;
}
