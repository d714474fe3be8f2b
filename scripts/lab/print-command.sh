#!/bin/sh
# What ippeveprinter runs for each job: $1 is the document. "Prints" its pages, or fails as the file
# $LAB_FAULT_FILE says. STATE and ATTR lines on standard error are ippeveprinter's own way of telling it.

# ippeveprinter keeps our standard output beside the document; we have none to keep.
rm -f "${1%.*}.prn"

fault() { cat "$LAB_FAULT_FILE"; }

stopped_by() {
  [ "$(fault)" = "$1" ] || return 0
  echo "STATE: +$2" >&2
  while [ "$(fault)" = "$1" ]; do sleep 0.05; done
  echo "STATE: -$2" >&2
}

pages=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')
echo "ATTR: job-impressions=${pages:-0} job-impressions-completed=0" >&2
[ "$(fault)" != abort ] || exit 1
stopped_by jam media-jam-error
stopped_by coverOpen cover-open-error
while [ "$(fault)" = hold ]; do sleep 0.05; done
[ -n "$pages" ] || exit 1
echo "ATTR: job-impressions-completed=$pages" >&2
