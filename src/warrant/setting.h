/*
 * Setting: one way of computing a document - a reading, a vintage, perhaps a control.
 *
 * It holds what the names in the file stand for there: the value of each parameter, the resource
 * behind each source.  Results already known in this setting hang on it too (build.h).
 */
#ifndef WARRANT_SETTING_H
#define WARRANT_SETTING_H

#include "warrant/catalogue.h"
#include "warrant/document.h"

struct Result;

typedef struct Setting {
    const Document *document;
    const Catalogue *catalogue;
    const Reading *reading;      /* NULL: the document as it stands */
    const char *vintage;         /* in place of the reading's, for every series that has it; NULL */
    Parameters parameters;       /* what holds here; borrowed, never freed */
    struct Setting *plain;       /* under a control: the same without it */
    const Control *control;      /* NULL without one */
    const struct Result **known; /* by source, then by step; NULL where not built yet */
} Setting;

/*
 * The document's parameters with the reading's and then `given` over them (either may be NULL).
 * Everything is put into the arena.
 */
Setting *setting_make(const Document *document, const Catalogue *catalogue, const Reading *reading,
                      const char *vintage, const Parameters *given, Arena *arena);

/*
 * The setting that the words of a command line ask for: the reading of that name (NULL: none), of
 * the document or of a claim, with parameters given anew.  Fails on a name that is not there.
 */
Setting *setting_asked(const Document *document, const Catalogue *catalogue, const char *reading,
                       const Parameters *given, Arena *arena);

/* A setting with one source changed. */
Setting *setting_control(Setting *plain, const Control *control, Arena *arena);

/* "default", or the reading's name. */
const char *setting_name(const Setting *setting);

/* The vintage of a series here; NULL for a source that is one resource. */
const char *setting_vintage(const Setting *setting, const SourceName *source);

/* How many resources are behind a source, and each one; fails when the catalogue has it not. */
size_t setting_resource_count(const SourceName *source);
const Resource *setting_resource(const Setting *setting, const SourceName *source, size_t number);

/*
 * Why a source's resources do not reach as far as it needs: "arms-transfers-2018-10 covers year
 * 2003 to 2013, not 2000 to 2017"; NULL when they do. Several cover what they cover together; a
 * step of up to 1 from one's last to the next one's first leaves nothing out.  Fails on a bound
 * that is no number.
 */
const char *setting_uncovered(const Setting *setting, const SourceName *source, Arena *arena);

#endif
