# Every generated page in a browser, and the live pages' numbers beside those of the native library.
docs --check --markdown "$root/docs/output/verification_browser.md"
