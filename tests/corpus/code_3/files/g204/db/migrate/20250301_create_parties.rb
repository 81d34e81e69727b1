class CreateParties < ActiveRecord::Migration[7.1]
  def change
    create_table :parties do |t|
      t.references :host, null: false, foreign_key: { to_table: :users }
      t.string :theme
      t.integer :party_size, null: false
      t.datetime :starts_at, null: false
      t.string :cover_photo
      t.timestamps
    end
    add_index :parties, :starts_at
    add_check_constraint :parties, "party_size > 0"
  end
end
