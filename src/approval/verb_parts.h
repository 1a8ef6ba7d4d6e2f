/* Inside the library: how entries look, for a person and as JSON. All of it is safe to show (R32).
 */
#ifndef ROLEGATE_APPROVAL_VERB_PARTS_H
#define ROLEGATE_APPROVAL_VERB_PARTS_H

#include "answer/output.h"
#include "approval/danger.h"
#include "approval/verb.h"

/* What `pending show` knows of an entry. */
struct verb_view {
	const struct approval_entry *entry;
	const struct approval_entry *former;   /* the last that was approved; NULL: none */
	const struct approval_entry *rejected; /* the same, as it was rejected before; NULL: not */
	struct danger danger;
	const char *program;  /* of a command, as it is defined today; NULL: it is not */
	bool part;	      /* for who only asked */
	struct strings notes; /* sentences: other content by now, nobody can decide, … */
};

/* verb_view.c: what the person may see, and what there is to say of it. */
bool verb_may_see(const struct approval_desk *desk, const struct approval_entry *entry);
/* Whether they are of those who decide. */
bool verb_decides(const struct approval_person *person, const struct approval_entry *entry);
/*
 * True for who decides. For who only asked, all that tells what is defined, and how, is taken out:
 * a command that is forbidden and one that there is not look alike (R24).
 */
bool verb_sees_all(const struct approval_person *person, struct approval_entry *entry);
/* Today's rule for who decides about it; NULL: the configuration asks for no such approval. */
const struct approval_rule *verb_rule_now(
	const struct approval_desk *desk, const struct approval_entry *entry);
/* 0, or -1 with *complaint. */
int verb_view_fill(const struct approval_desk *desk, const struct approval_entry *entry,
	struct verb_view *view, const char **complaint);

/* printf() to the end; what comes from outside has to be escaped by the caller. */
void verb_add(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Escaped, without a newline. */
const char *verb_escape(struct arena *arena, const char *text);
/* "2026-11-28 22:11:02 UTC" */
const char *verb_time(struct arena *arena, time_t when);
/* "8h", "90s": the largest unit that is exact. */
const char *verb_lasts(struct arena *arena, time_t seconds);

void verb_list_text(struct output *output, const struct approval_entry *entries, size_t count,
	const char *state);
void verb_list_json(struct output *output, const struct approval_person *person,
	const struct approval_entry *entries, size_t count);
void verb_show_text(struct output *output, const struct verb_view *view);
void verb_show_json(struct output *output, const struct verb_view *view);
/* The text with its numbers, and what changed since the former one. */
void verb_show_script(struct output *output, const struct verb_view *view);
/* The members of an object; not `whole`: as for who only asked. */
void verb_entry_json(struct output *output, const struct approval_entry *entry, bool whole);

#endif
