/* Inside sudoers.c and its neighbours. */
#ifndef ROLEGATE_AUTHOR_SUDOERS_PARTS_H
#define ROLEGATE_AUTHOR_SUDOERS_PARTS_H

#include <jansson.h>
#include <stdbool.h>

#include "author/sudoers.h"
#include "base/table.h"

enum sudo_kind { SUDO_ALL, SUDO_NAME, SUDO_GROUP, SUDO_OTHER };

/* A member of a list of users, hosts, or accounts to run as; the last one that matches decides. */
struct sudo_item {
	enum sudo_kind kind;
	const char *name;
	bool negated;
	const char *shown; /* "!%webops" */
};

struct sudo_items {
	struct sudo_item *items;
	size_t count;
};

/* One command of one rule. */
struct sudo_entry {
	const char *origin; /* where it stands, and its rule */
	struct sudo_items users, hosts, accounts;
	bool says_account;   /* runasusers or runasgroups is there */
	bool only_groups;    /* runasgroups alone: as the caller, with another group */
	const char *command; /* as written */
	const char *path;    /* NULL: ALL */
	const char *args;    /* NULL: any; "": none; else a pattern of all of them, joined */
	bool negated;
	const char *unknown; /* a key of it that is not known here, or a digest */
	bool no_password;
	const char *confines;  /* an option that confines the run in a way that is none here */
	const char *directory; /* or NULL */
	unsigned timeout;      /* seconds; 0: none */
};

struct sudo_reading {
	struct arena *arena;
	const json_t *root;
	struct losses *losses;
	const char *host;	     /* or NULL */
	const char *default_account; /* "root", unless runas_default says another; NULL: unclear */
	struct sudo_entry *entries;
	size_t entry_count;
	const char *confines;  /* an option of Defaults as sudo_entry has one, or NULL */
	const char *complaint; /* NULL: nothing is wrong yet */
};

/*
 * The object of the bytes; NULL with *complaint. Some versions of cvtsudoers write members in
 * arrays ("Options": [ "runcwd": "/tmp" ]), which is no JSON: these are read as objects.
 */
json_t *sudoers_json(struct arena *arena, const char *bytes, size_t length, const char **complaint);

/* Every rule into reading->entries. -1: reading->complaint. */
int sudoers_read(struct sudo_reading *reading);
/* The members of a list, aliases in their places. */
struct sudo_items sudoers_items(
	struct sudo_reading *reading, const json_t *list, const char *aliases);
/* Sets default_account; the rest of Defaults is lost, with a reason. */
void sudoers_defaults(struct sudo_reading *reading);

/* --- what matches what: "may" is true where that can't be told --- */
enum sudo_match { SUDO_NO, SUDO_MAYBE, SUDO_YES };
enum sudo_match sudoers_host_matches(const struct sudo_items *hosts, const char *host);
bool sudoers_user_may_match(const struct sudo_items *users, const struct sudo_item *user);
bool sudoers_account_may_match(
	const struct sudo_reading *reading, const struct sudo_entry *entry, const char *account);
/* A negated member behind item `index` that may take it back; NULL: none. */
const struct sudo_item *sudoers_taken_back(const struct sudo_items *items, size_t index);
/* Whether a call of `entry` may be one of `other` too. */
bool sudoers_commands_overlap(const struct sudo_entry *entry, const struct sudo_entry *other);

/* --- a command here --- */
struct sudo_word {
	const char *literal; /* NULL: */
	const char *pattern; /* of PCRE2 */
	bool anything;	     /* it was "*" alone */
};

struct sudo_command {
	const char *name;
	bool external;
	struct strings fixed;
	struct sudo_word *words; /* behind the fixed ones */
	size_t word_count;
	struct strings excluded; /* patterns of what the one word may not be */
};

/*
 * The command that allows what `entry` does, or less, without its name. NULL, or why there is none.
 */
const char *sudoers_command(
	struct arena *arena, const struct sudo_entry *entry, struct sudo_command *command);
/* Narrows it to what `denied`, a later negation, leaves. False: that can't be said. */
bool sudoers_exclude(
	struct arena *arena, const struct sudo_entry *denied, struct sudo_command *command);
/* Its definition but for the name: the same text, the same command. */
char *sudoers_definition(
	struct arena *arena, const struct sudo_entry *entry, const struct sudo_command *command);
/* A name for it that reads as it is called: "systemctl restart", or NULL: no words of a name. */
char *sudoers_name(
	struct arena *arena, const struct sudo_entry *entry, const struct sudo_command *command);
/* A pattern of all that the glob matches, or more; of what it matches, or less. NULL: none. */
char *sudoers_glob_outer(struct arena *arena, const char *glob);
char *sudoers_glob_inner(struct arena *arena, const char *glob);

/* --- what comes of it --- */
struct sudo_out_command {
	const struct sudo_entry *entry; /* the first of those that it is for */
	struct sudo_command command;
	const char *definition;
	const char *name; /* once all are known */
};

/* What one person or group may run at one endpoint. */
struct sudo_out_role {
	const char *name;
	struct sudo_item subject;
	struct sudo_out_command **commands;
	size_t command_count;
	struct strings externals, origins;
};

struct sudo_out_endpoint {
	const char *name, *account;
	bool no_password;
	struct sudo_out_role **roles;
	size_t role_count;
};

struct sudo_out {
	struct arena *arena;
	struct losses *losses;
	struct sudo_out_endpoint **endpoints;
	size_t endpoint_count;
	struct sudo_out_command **commands;
	size_t command_count;
	struct table command_by_definition, role_names;
};

/* Carries over what can be of every entry. */
void sudoers_carry(struct sudo_reading *reading, struct sudo_out *out);
/* Grants the command to a subject at the endpoint of an account. */
void sudoers_grant(struct sudo_out *out, const struct sudo_entry *entry,
	const struct sudo_command *command, const struct sudo_item *subject, const char *account,
	bool no_password);
/* Names for all commands, none of which is the beginning of another one. */
void sudoers_name_all(struct sudo_out *out);
/* The files of a configuration. */
void sudoers_write(struct sudo_out *out, struct sudoers *sudoers);

#endif
