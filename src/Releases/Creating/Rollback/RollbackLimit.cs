namespace Releases;

/// <summary>
/// Enforces how far back a rollback can go: a release may state that older ones no longer work with its changes, such as to a database.
/// </summary>
internal static class RollbackLimit
{
    /// <summary>Fails with <see cref="ProblemCode.BreaksBefore"/> if the active release states that the target no longer works.</summary>
    /// <param name="active">The active release.</param>
    /// <param name="target">The release to roll back to.</param>
    /// <param name="origin">The oldest release of which that one restores something; itself if it restores nothing.</param>
    /// <param name="service">The service that is rolled back alone, or null if all of them are.</param>
    /// <param name="limit">The oldest release that works, or null if it can't be rolled back to.</param>
    /// <param name="isReached">Whether that is active already, so that it can't be rolled back to either.</param>
    public static void Require(
        Release active, Release target, Release origin, ServiceName? service, Release? limit, bool isReached)
    {
        if (active.Oldest is not { } oldest || origin.Number >= oldest) return;
        string[] alone = service is { } one ? [OperationOption.Service, one.ToString()] : [];
        var restores = origin.Id == target.Id ? "" : $", which restores v{origin.Number}";
        var reached = !isReached || limit!.Id == active.Id ? ""
            : $" It has {(service is { } same ? $"{same} of v{oldest}" : $"the same content as v{oldest}")} already, so it is as far back "
                + "as it can be.";
        var force = Remedy.Do(
            Operation.RollBack, $"Roll back to v{target.Number} anyway, if you are sure that it works",
            [.. alone, $"v{target.Number}", OperationOption.Force]);
        throw new Problem(
            ProblemCode.BreaksBefore,
            $"can't roll back to {target.Label}{restores}: {active.Label}, which is active, states that "
                + $"releases before v{oldest} no longer work with its changes.{reached}",
            (isReached, limit, oldest < active.Number) switch
            {
                (true, _, _) or (_, _, false) => force,
                (_, null, _) => Remedy.Do(Operation.ListReleases, "Choose another one").Or(force),
                _ => Remedy.Do(Operation.RollBack, $"Roll back to v{oldest} at most", [.. alone, $"v{oldest}"]).Or(force),
            }, Unchanged: Problem.NothingChanged).ToException();
    }

    /// <summary>Fails with <see cref="ProblemCode.BreaksBefore"/> if the limit is a release that doesn't exist yet.</summary>
    public static void RequireMade(long? oldest, long number)
    {
        if (oldest > number)
            throw new Problem(
                ProblemCode.BreaksBefore,
                $"v{oldest} isn't made yet, so it can't be the oldest release to roll back to; "
                    + $"this build would make v{number}. No release was made.",
                $"State v{number} or an older one.", ProblemKind.Usage).ToException();
    }
}
