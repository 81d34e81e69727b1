import { test, expect } from '@playwright/test';

test.describe('party pages', () => {
  test('lists parties with seats', async ({ page }) => {
    await page.goto('/elections/2025/parties');
    await expect(page.getByRole('row')).toHaveCount(9);
    await expect(page.getByText('Green Alliance')).toBeVisible();
  });

  test('shows the leader photo', async ({ page }) => {
    await page.goto('/elections/2025/parties/green-alliance');
    await expect(page.getByRole('img', { name: /party leader/i })).toBeVisible();
  });
});
