<?php

namespace App\Http\Controllers;

use App\Models\Race;
use App\Models\Horse;
use Illuminate\Http\Request;

/**
 * Race cards for the betting front end.
 */
class RaceController extends Controller
{
    public function index(Request $request)
    {
        $races = Race::with('horses')
            ->where('track', $request->get('track'))
            ->orderBy('off_time')
            ->paginate(20);

        return view('races.index', compact('races'));
    }

    public function show(Race $race)
    {
        $runners = Horse::where('race_id', $race->id)->get(['name', 'colour', 'origin']);

        return view('races.show', ['race' => $race, 'runners' => $runners]);
    }
}
