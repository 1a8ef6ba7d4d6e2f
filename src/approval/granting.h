/* How decisions on commands become files of roles: verb.h's approval_grants, by grant.h. */
#ifndef ROLEGATE_APPROVAL_GRANTING_H
#define ROLEGATE_APPROVAL_GRANTING_H

#include "approval/grant.h"
#include "approval/verb.h"

/* One verb's; zero but for the first three. */
struct granting_context {
	struct arena *arena;
	const char *directory; /* of the configuration */
	const char *loaded; /* digest of the one in force: no other is loaded by this; NULL: any */
	struct approval_grant grant;
	bool taken_out;	  /* it is being revoked */
	const char *left; /* what has to be taken out by hand */
};

/*
 * A grant that can't be written lets nothing be approved. A revocation stands whatever the file is
 * like: what is left to do by hand is the complaint of its commit.
 */
struct approval_grants approval_granting(struct granting_context *context);

#endif
