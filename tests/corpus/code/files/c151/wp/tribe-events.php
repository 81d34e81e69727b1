<?php
/**
 * Template tweaks for the events calendar.
 */

add_filter( 'tribe_events_views_v2_view_template_vars', function ( $vars ) {
    $vars['show_photo'] = true;
    return $vars;
} );

if ( function_exists( 'tribe_get_events' ) ) {
    $events = tribe_get_events( array( 'posts_per_page' => 5, 'start_date' => 'now' ) );
    foreach ( $events as $event ) {
        echo '<li class="tribe-event">' . esc_html( $event->post_title ) . ' ' . tribe_get_venue( $event->ID ) . '</li>';
    }
}
