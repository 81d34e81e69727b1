// Words our docs should avoid, with the replacement the linter proposes.
module.exports = {
  rules: [
    { find: /\bblacklist\b/gi, use: 'denylist' },
    { find: /\bwhitelist\b/gi, use: 'allowlist' },
    { find: /\bmaster\b/gi, use: 'main' },
    { find: /\btribe\b/gi, use: 'team' },
    { find: /\bgrandfathered\b/gi, use: 'legacy' },
    { find: /\bwhite-label\b/gi, use: 'unbranded' },
  ],
};
