/* The words after `bundle`, and what they share. Each returns an enum admin_status. */
#ifndef ROLEGATE_ADMIN_BUNDLE_H
#define ROLEGATE_ADMIN_BUNDLE_H

#include "admin/options.h"
#include "bundle/bundle.h"
#include "bundle/place.h"
#include "config/trusted_keys.h"

int bundle_key(struct arena *arena, const struct options *options);
int bundle_sign(struct arena *arena, const struct options *options);
int bundle_verify_verb(struct arena *arena, const struct options *options);
int bundle_install(struct arena *arena, const struct options *options);
int bundle_rollback(struct arena *arena, const struct options *options);
int bundle_list(struct arena *arena, const struct options *options);

/* The directory for reading, or -1 after a message. */
int bundle_open_source(const char *path);
/* --config, from the root directory on. */
const char *bundle_directory(struct arena *arena, const struct options *options);
/* Each on a line of its own, as an error. Returns ADMIN_FOUND. */
int bundle_complain(const struct strings *complaints);
/* `name "web tier", serial 1795905819 (2026-…), 12 files`. */
const char *bundle_title(struct arena *arena, const struct manifest *manifest);
/* The same as members of a JSON object. */
const char *bundle_json(struct arena *arena, const struct bundle *bundle);

/* The keys of a file; `trusted`: it is held to R28. 0, or -1 after a message. */
int bundle_keys_of_file(
	struct arena *arena, const char *path, bool trusted, struct trusted_keys *keys);
/* Those of the configuration as it is. 0, or -1 after messages. */
int bundle_keys_of_configuration(
	struct arena *arena, const char *directory, struct trusted_keys *keys);

/*
 * Everything that `check` calls an error in the configuration beside DIR (place->staging or
 * place->previous), as if it were in DIR already, so that paths into DIR lead into it. ADMIN_OK, or
 * after messages ADMIN_WRONG for errors, ADMIN_FOUND when it could not be looked at.
 */
int bundle_check_in_place(struct place *place, const char *name);

/*
 * Exchanges DIR with the one beside it and tells the gateway; what that refuses is exchanged back.
 * ADMIN_OK; or ADMIN_FOUND after messages, DIR being as it was.
 */
int bundle_exchange(struct place *place, const char *name);

/* Of what goes away with the former configuration, and of the next install's keys: warnings. */
void bundle_warn(struct place *place, const struct bundle *bundle, const struct trusted_key *key);

#endif
