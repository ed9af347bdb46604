namespace Releases.Local;

/// <summary>Creates folders that only their user can access.</summary>
internal static class HomeFolder
{
    /// <summary>Creates the home. Fails with <see cref="ProblemCode.HomeNotWritable"/>.</summary>
    public static void Create(LocalHome home)
    {
        try
        {
            CreatePrivate(home.Folder);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            var problem = DiskProblems.From(refused, home.Folder) ?? new(
                ProblemCode.HomeNotWritable,
                $"the local rack's home {home.Folder} can't be created: {FailureReason.OfFolder(refused, home.Folder)}.",
                "Choose another home (CONVOX_HOME or --rack local:<folder>).", Unchanged: Problem.NothingWasStored);
            throw problem.ToException(refused);
        }
    }

    /// <summary>
    /// Creates the home and checks that there is room for a daemon's first writes. Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>, which a daemon couldn't even log there.
    /// </summary>
    public static void RequireRoom(LocalHome home)
    {
        const int room = 64 * 1024;
        Create(home);
        var probe = Path.Combine(home.Folder, $".room-{Guid.NewGuid():n}");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.Write(new byte[room]);
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Folder) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    /// <summary>Gives a folder that has the name of a file another name, because only its owner may delete it.</summary>
    public static void MoveAside(string folder)
    {
        if (Directory.Exists(folder)) Directory.Move(folder, $"{folder}.{Guid.NewGuid():n}");
    }

    /// <summary>Creates a folder with mode 0700, and its parents.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
