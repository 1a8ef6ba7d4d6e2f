/* What a restriction would have refused of a run that was only watched. Pure. */
#ifndef ROLEGATE_TRIAL_REFUSALS_H
#define ROLEGATE_TRIAL_REFUSALS_H

#include "trial/observe.h"

/* "to execute /usr/bin/less", "to write /etc/motd", … in the observation's arena; none: empty. */
struct strings refusals(const struct observation *seen, const struct restriction *restriction);

#endif
