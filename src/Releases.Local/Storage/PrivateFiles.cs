namespace Releases.Local;

/// <summary>Makes files and folders that only their user can open, whatever the umask.</summary>
internal static class PrivateFiles
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, mode 0700; one that is there is left as it is.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, FolderMode);
    }

    /// <summary>Opens a file, made with mode 0600 where it is missing.</summary>
    public static FileStream OpenOrMake(string file) => Open(file, System.IO.FileMode.OpenOrCreate);

    /// <summary>Makes a new file, mode 0600.</summary>
    public static FileStream MakeNew(string file) => Open(file, System.IO.FileMode.CreateNew);

    private static FileStream Open(string file, System.IO.FileMode how)
    {
        var options = new FileStreamOptions { Mode = how, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
        return new(file, options);
    }
}
