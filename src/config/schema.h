/*
 * The strict reading of one group of settings: a table of keys says what there may be. Every
 * unknown key, wrong type and missing key becomes a problem with its line, and what was expected.
 */
#ifndef ROLEGATE_SCHEMA_H
#define ROLEGATE_SCHEMA_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

#include "config/document.h"
#include "config/loader.h"

/* A group being read, for messages: `parameter "unit"`. */
struct scope {
	const char *kind;
	const config_setting_t *group;
	const struct scope *outer;
};

/* Where in which file the reading is. */
struct reader {
	struct loader *loader;
	const struct document *document;
	const char *file;
	const struct scope *scope;
};

enum shape {
	SHAPE_STRING,  /* const char * */
	SHAPE_BOOLEAN, /* bool */
	SHAPE_NUMBER,  /* unsigned, between minimum and maximum */
	SHAPE_STRINGS, /* struct strings; an array or a list */
	SHAPE_LIST,    /* handler only */
	SHAPE_GROUP,   /* handler only */
	SHAPE_ANY,     /* handler only; it checks the type as well */
};

/*
 * Reads `setting` into `field`, which is the target with the key's offset. The setting has the
 * key's shape. Reports its own problems; what it could not read stays as it was.
 */
typedef void schema_handler(struct reader *reader, const config_setting_t *setting, void *field);

/* What a string must be: NULL if it is, else what was expected. */
typedef const char *schema_check(const char *text);

struct schema_key {
	const char *name; /* NULL ends the table */
	enum shape shape;
	bool required;
	size_t offset;
	schema_check *check;	 /* of a string or of each of several */
	schema_handler *handler; /* instead of storing */
	const char *expected;	 /* what to write; NULL: a value of that shape */
	unsigned minimum, maximum;
	bool not_empty; /* a list must have something in it */
};

/*
 * Reads the members of `group` in the order of the table, whatever their order in the file.
 * `present`, if not NULL, gets a true for each key of the table that the group has.
 */
void schema_read(struct reader *reader, const char *kind, const config_setting_t *group,
	const struct schema_key *keys, void *target, bool *present);

/* Calls `read` for each element of a list, which must be groups. */
void schema_each_group(struct reader *reader, const config_setting_t *list,
	void (*read)(struct reader *reader, const config_setting_t *group, void *target),
	void *target);

/* The place of a setting, and a problem there, which begins with the scope's name. */
struct source reader_source(const struct reader *reader, const config_setting_t *setting);
void reader_error(struct reader *reader, const config_setting_t *setting, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* `command "x": `, or "": how a problem at this place of the reading begins; in the scratch arena. */
const char *reader_scope(struct reader *reader);
/* What kind of setting it is, for a message: "a list ( )". */
const char *reader_found(const config_setting_t *setting);
/* The setting is not what was `expected`. */
void reader_wrong_type(
	struct reader *reader, const config_setting_t *setting, const char *expected);
/* An array or a list. */
bool reader_is_sequence(const config_setting_t *setting);

/* The string of a setting that is one, copied to the policy; NULL after a problem. */
const char *reader_string(
	struct reader *reader, const config_setting_t *setting, schema_check *check);

/* The same, but that line ends and tabs may be in it (R2). */
const char *reader_text(struct reader *reader, const config_setting_t *setting);

/* Strings of an array or a list, without duplicates unless `duplicates`. False after a problem. */
bool reader_strings(struct reader *reader, const config_setting_t *setting, schema_check *check,
	bool duplicates, struct strings *list);

/* An index into `names` (NULL-terminated) for a string that is one of them; -1 after a problem. */
int reader_choice(struct reader *reader, const config_setting_t *setting, const char *const *names);

/* ` (did you mean "x"?)` or "". */
const char *reader_hint(
	struct reader *reader, const char *wanted, const char *const *names, size_t count);

#endif
