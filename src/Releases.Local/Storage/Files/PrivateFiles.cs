namespace Releases.Local;

/// <summary>Creates files that only their user can open.</summary>
internal static class PrivateFiles
{
    /// <summary>The mode of such files.</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, which is created with mode 0600 if it is missing.</summary>
    public static FileStream OpenOrCreate(string file) => Open(file, FileMode.OpenOrCreate);

    /// <summary>Creates a new file with mode 0600.</summary>
    public static FileStream CreateNew(string file) => Open(file, FileMode.CreateNew);

    private static FileStream Open(string file, FileMode how)
    {
        var options = new FileStreamOptions { Mode = how, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mode;
        return new(file, options);
    }
}
