# Every generated page in a browser, and the live pages' numbers beside those of the native library.
rm -rf "$root/build/docs/html" # no pages of an earlier build
docs
check_docs --markdown "$root/docs/output/verification_browser.md"
